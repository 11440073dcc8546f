import app from './app.json';
import document from './document.json';

export default { ...app, ...document };
