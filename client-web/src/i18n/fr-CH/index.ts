import fr from '../fr';
import app from './app.json';

// French as written in Switzerland: only what differs is said again.
export default { ...fr, ...app };
