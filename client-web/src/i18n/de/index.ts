import admin from './admin.json';
import app from './app.json';
import document from './document.json';
import mail from './mail.json';
import ui from './ui.json';

export default { ...admin, ...app, ...document, ...mail, ...ui };
