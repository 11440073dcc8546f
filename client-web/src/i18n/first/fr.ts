import app from '../fr/app.json';
import ui from '../fr/ui.json';

export default { ...app, ...ui };
