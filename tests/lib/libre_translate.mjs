// A small server that speaks LibreTranslate's documented interface (POST /translate, GET /languages) on loopback. It knows a few
// sentences and says the rest in brackets, so that a test sees what was asked and what came back.
import { once } from 'node:events';
import { createServer } from 'node:http';

const codes = ['de', 'en', 'fr'];

export class LibreTranslate {
  /** `apiKey`: asked for, if given. `known`: {text: translation}. */
  constructor({ apiKey = '', known = {} } = {}) {
    this.apiKey = apiKey;
    this.known = known;
    this.asked = []; // bodies of /translate, in their order
  }

  async start(port = 0) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async answer(request, response) {
    let text = '';
    for await (const part of request) text += part;
    const send = (status, body) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (request.url === '/languages') {
      return send(200, codes.map((code) => ({ code, name: code, targets: codes })));
    }
    if (request.url !== '/translate' || request.method !== 'POST') return send(404, { error: 'Not found' });
    const body = request.headers['content-type']?.startsWith('application/json')
      ? JSON.parse(text)
      : Object.fromEntries(new URLSearchParams(text));
    this.asked.push(body);
    if (this.instead) return this.instead(send, body, response);
    if (this.apiKey && body.api_key !== this.apiKey) return send(403, { error: 'Invalid API key' });
    for (const name of ['q', 'source', 'target']) {
      if (!body[name]) return send(400, { error: `Invalid request: missing ${name} parameter` });
    }
    if (!codes.includes(body.source)) return send(400, { error: `${body.source} is not supported` });
    if (!codes.includes(body.target)) return send(400, { error: `${body.target} is not supported` });
    const say = (one) => this.known[one] ?? `[${body.target}] ${one}`;
    return send(200, { translatedText: Array.isArray(body.q) ? body.q.map(say) : say(body.q) });
  }
}
