export { exportEvents, type ExportOptions } from './write/exportEvents';
export { formats, type ExportFormat, type Format } from './write/formats';
