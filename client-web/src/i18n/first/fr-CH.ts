import app from '../fr-CH/app.json';
import fr from './fr';

export default { ...fr, ...app };
