import app from '../de/app.json';
import ui from '../de/ui.json';

export default { ...app, ...ui };
