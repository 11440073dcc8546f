// A real SMTP server (npm smtp-server) that keeps what it takes, read by a real MIME parser (npm mailparser).
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';

export class MailServer {
  /** `options` as smtp-server's. `refuse(step, address)`: an answer such as [550, 'no such user'] at "sender", "recipient" or "content". */
  constructor({ refuse = () => null, port = 0, options = {} } = {}) {
    this.mails = [];
    this.attempts = 0;
    this.waiting = [];
    const decide = (step, address, callback) => {
      const no = refuse(step, address);
      if (!no) return callback();
      const error = new Error(no[1]);
      error.responseCode = no[0];
      return callback(error);
    };
    this.wanted = port;
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onMailFrom: ({ address }, session, callback) => decide('sender', address, callback),
      onRcptTo: ({ address }, session, callback) => {
        this.attempts += 1;
        decide('recipient', address, callback);
      },
      onData: (stream, session, callback) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const chunks = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          decide('content', to[0], (error) => {
            if (error) return callback(error);
            callback();
            return simpleParser(raw).then((mail) => {
              this.mails.push(Object.assign(mail, { to_envelope: to, raw: raw.toString('latin1') }));
              for (const wake of this.waiting.splice(0)) wake();
            });
          });
        });
      },
      ...options,
    });
    this.server.on('error', () => undefined); // a client that hangs up is no news
  }

  async start() {
    this.server.listen(this.wanted, '127.0.0.1');
    await once(this.server.server, 'listening');
    this.port = this.server.server.address().port;
    return this;
  }

  /** Resolves with the first mail for which `chosen` holds. */
  async mail(chosen = () => true) {
    for (;;) {
      const found = this.mails.find(chosen);
      if (found) return found;
      await new Promise((wake) => this.waiting.push(wake));
    }
  }

  async stop() {
    await new Promise((done) => this.server.close(done));
  }
}

/** The environment that lets an instance send through `port`; links start with `url`. */
export function mailEnvironment(port, url, more = {}) {
  return {
    CLUSE_MAIL_SERVER: '127.0.0.1',
    CLUSE_MAIL_PORT: String(port),
    CLUSE_MAIL_ENCRYPTION: 'none',
    CLUSE_MAIL_SENDER: 'cluse@example.org',
    CLUSE_MAIL_SENDER_NAME: 'Conférence « TransJurassienne »',
    CLUSE_MAIL_RETRY_FIRST: '50',
    CLUSE_MAIL_RETRY_MAX: '200',
    CLUSE_SERVER_PUBLIC_URL: url,
    ...more,
  };
}
