export { Atelier as default } from './Atelier';
