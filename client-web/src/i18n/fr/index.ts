import admin from './admin.json';
import app from './app.json';
import asking from './asking.json';
import document from './document.json';
import journal from './journal.json';
import mail from './mail.json';
import people from './people.json';
import privacy from './privacy.json';
import references from './references.json';
import requests from './requests.json';
import roles from './roles.json';
import signin from './signin.json';
import rights from './rights.json';
import twins from './twins.json';
import ui from './ui.json';

export default {
  ...admin,
  ...app,
  ...asking,
  ...document,
  ...journal,
  ...mail,
  ...people,
  ...privacy,
  ...references,
  ...requests,
  ...roles,
  ...signin,
  ...rights,
  ...twins,
  ...ui,
};
