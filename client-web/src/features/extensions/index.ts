export { ExtensionScreen, useNamed, usePathBelow } from './Page';
export { ModuleView } from './ModuleView';
