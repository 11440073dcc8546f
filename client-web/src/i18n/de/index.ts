import admin from './admin.json';
import app from './app.json';
import document from './document.json';
import journal from './journal.json';
import languages from './languages.json';
import mail from './mail.json';
import people from './people.json';
import privacy from './privacy.json';
import references from './references.json';
import signin from './signin.json';
import rights from './rights.json';
import terms from './terms.json';
import twins from './twins.json';
import ui from './ui.json';

export default {
  ...admin,
  ...app,
  ...document,
  ...journal,
  ...languages,
  ...mail,
  ...people,
  ...privacy,
  ...references,
  ...signin,
  ...rights,
  ...terms,
  ...twins,
  ...ui,
};
