// Local time means the same on every machine, and is never UTC by chance.
process.env['TZ'] = 'Europe/Berlin';
process.setSourceMapsEnabled(true);

export const mochaHooks = {
  /** A test that leaves something open keeps the process alive: said here instead of waiting for ever. */
  afterAll(): void {
    setTimeout(() => {
      console.error('Left open by a test:', process.getActiveResourcesInfo());
      process.exit(1);
    }, 5000).unref();
  },
};
