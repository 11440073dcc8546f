import admin from './admin.json';
import app from './app.json';
import document from './document.json';
import references from './references.json';
import ui from './ui.json';

export default { ...admin, ...app, ...document, ...references, ...ui };
