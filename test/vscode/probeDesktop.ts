/** Why no desktop VS Code can be downloaded and run here; undefined when it can. */
export async function whyNoDesktop(): Promise<string | undefined> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
  try {
    await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(4000) });
    return undefined;
  } catch {
    return 'its download server is out of reach';
  }
}
