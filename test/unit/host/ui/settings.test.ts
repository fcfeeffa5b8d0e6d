import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isSettingValue, type Settings } from '../../../../src/host/ui/settingDefaults';

interface Property {
  readonly default: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  contributes: { configuration: { properties: Record<string, Property> } };
};
const declared = Object.entries(contributes.configuration.properties).map(
  ([id, property]) => [id.replace('activityLog.', '') as keyof Settings, property] as const,
);

describe('isSettingValue', () => {
  for (const [name, property] of declared) {
    it(`allows of ${name} what the manifest allows, and no more`, () => {
      const bounds = [property.minimum, property.maximum].filter((bound) => bound !== undefined);
      for (const value of [property.default, ...bounds, ...(property.enum ?? [])]) {
        assert.ok(isSettingValue(name, value), JSON.stringify(value));
      }
      const beyond = bounds.length > 0 ? [property.minimum! - 1, property.maximum! + 1, 1.5, '5'] : [];
      for (const value of [undefined, null, NaN, [1], { nova: 5 }, ...beyond]) {
        assert.ok(!isSettingValue(name, value), JSON.stringify(value));
      }
    });
  }
});
