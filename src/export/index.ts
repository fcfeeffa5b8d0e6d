export { exportEvents, type ExportOptions } from './exportEvents';
export { formats, type ExportFormat, type Format } from './formats';
export { openSavedLog } from './openSavedLog';
