// What the page loads once the event itself is on the screen: editors, comparison, and the toolkit's controls.
export { compare } from './views/compare';
export { createTabsView } from './views/viewTabs';
