// Local time means the same on every machine, and is never UTC by chance.
process.env['TZ'] = 'Europe/Berlin';
process.setSourceMapsEnabled(true);
