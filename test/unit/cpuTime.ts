/** Milliseconds that this process has computed so far: other programs on the machine do not count, as they do by the clock. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
