export { SpacesPage as default } from './SpacesPage';
