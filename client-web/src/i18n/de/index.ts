import admin from './admin.json';
import app from './app.json';
import document from './document.json';
import journal from './journal.json';
import mail from './mail.json';
import people from './people.json';
import references from './references.json';
import twins from './twins.json';
import ui from './ui.json';

export default {
  ...admin,
  ...app,
  ...document,
  ...journal,
  ...mail,
  ...people,
  ...references,
  ...twins,
  ...ui,
};
