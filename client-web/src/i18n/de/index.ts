import app from './app.json';
import document from './document.json';
import ui from './ui.json';

export default { ...app, ...document, ...ui };
