// TLS listeners (wss:// and https://): protocol versions, errors, and certificate reload.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { describe, it } from 'node:test';
import { new_pair } from './lib/certificate.mjs';
import { Client } from './lib/client.mjs';
import { RawConnection } from './lib/raw_connection.mjs';
import { Sanitized, Unlimited, run, serve } from './lib/server.mjs';
import { poll, within } from './lib/wait.mjs';
import { close_frame } from './lib/websocket_frames.mjs';

/// Replaces the certificate files of a server.
function replace(used, fresh) {
  for (const name of ['key', 'certificate']) {
    copyFileSync(fresh[name], `${used[name]}.new`);
    renameSync(`${used[name]}.new`, used[name]);
  }
}

/// Starts a server that also listens with TLS.
async function secured(t, ...args) {
  const pair = new_pair();
  const server = await serve(t, '--listen', 'wss://127.0.0.1:0', '--set',
    `tls.certificate=${pair.certificate}`, '--set', `tls.key=${pair.key}`, ...args);
  return { server, pair };
}
const fingerprint = (raw) => raw.socket.getPeerCertificate().fingerprint256;
const refused = (promise) => assert.rejects(promise, /SSL|TLS|alert|ECONNRESET|disconnected/);

describe('TLS', { concurrency: 4 }, () => {
  it('chat and the web page work', async (t) => {
    const { server } = await secured(t);
    const ann = await Client.described(server, { nick: 'ann' }, { secure: {} });
    const bob = await Client.described(server, { nick: 'bob' });
    await ann.join('#x');
    await bob.join('#x');
    await ann.until(/ JOIN #x$/);
    bob.send('/pubmsg #x over the wire');
    await ann.expect(/ PUBMSG #x :over the wire$/);
    ann.send(`/pubmsg #x ${'x'.repeat(50_000)}`);  // several TLS records
    await bob.expect(new RegExp(` PUBMSG #x :x{50000}$`));
    bob.send(`/pubmsg #x ${'y'.repeat(50_000)}`);
    await ann.expect(new RegExp(` PUBMSG #x :y{50000}$`));
    const page = await RawConnection.connect(server, { secure: {} });
    page.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.equal((await page.response()).status, 200);
    await page.gone();
  });

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    it(`${version} with http/1.1 by ALPN`, async (t) => {
      const { server } = await secured(t);
      const ann = await Client.described(server, {},
        { secure: { minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] } });
      assert.equal(ann.raw.socket.getProtocol(), version);
      assert.equal(ann.raw.socket.alpnProtocol, 'http/1.1');
      assert.match(ann.raw.socket.getCipher().standardName, /GCM|CHACHA20/);
      assert.equal(ann.raw.socket.getEphemeralKeyInfo().type, 'ECDH');
    });
  }

  it('weak protocol versions and ciphers are refused', async (t) => {
    const { server } = await secured(t);
    const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await refused(RawConnection.connect(server, { secure: { ...old, maxVersion: 'TLSv1' } }));
    await refused(RawConnection.connect(server, { secure: { ...old, maxVersion: 'TLSv1.1' } }));
    for (const ciphers of ['AES256-SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-AES128-SHA256',
      'ECDHE-ECDSA-AES256-CCM8']) {
      await refused(RawConnection.connect(server, { secure: { maxVersion: 'TLSv1.2', ciphers } }));
    }
    await refused(RawConnection.connect(server, { secure: { ALPNProtocols: ['h2'] } }));
    const ann = await Client.described(server, {}, { secure: { maxVersion: 'TLSv1.2' } });
    const renegotiated = new Promise((resolve) => {
      ann.raw.socket.renegotiate({ rejectUnauthorized: false }, resolve);
    });
    await within(Promise.race([renegotiated.then((error) => assert.ok(error)), ann.raw.over]),
      'no renegotiation');
  });

  it('HTTP without TLS is answered with an explanation', async (t) => {
    const { server } = await secured(t);
    const lost = await RawConnection.connect({ port: server.tls_port, on_stop: (a) => server.on_stop(a) });
    lost.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const answer = await lost.response();
    assert.equal(answer.status, 400);
    assert.match(answer.body, /wss:\/\//);
    await lost.gone();
  });

  it('garbage and incomplete handshakes are closed', async (t) => {
    // Time in which a valid client must complete the handshake.
    const whole = Sanitized ? '3s' : '500ms';
    const { server } = await secured(t, '--set', `net.handshake_timeout=${whole}`);
    const ann = await Client.described(server, {}, { secure: {} });
    const hello = Buffer.from('16030100ff010000fb0303', 'hex');
    for (const bytes of ['', hello, hello.subarray(0, 3), Buffer.alloc(5000, 0xff),
      Buffer.concat([hello, Buffer.alloc(500)]), Buffer.from('1503010002ffff', 'hex')]) {
      const raw = await RawConnection.connect({ port: server.tls_port, on_stop: (a) => server.on_stop(a) });
      raw.write(bytes);
      await raw.gone();
    }
    // This client sends no request.
    const silent = await RawConnection.connect(server, { secure: {} });
    assert.equal((await silent.response()).status, 408);
    assert.match(await ann.ask('/ping still'), / PONG .*still$/);
  });

  it('a connection that arrives byte by byte works', async (t) => {
    const { server } = await secured(t);
    // A proxy that sends every byte in a segment of its own.
    const cutter = net.createServer((inner) => {
      const outer = net.connect({ port: server.tls_port, host: '127.0.0.1', noDelay: true });
      const pipe = (from, to) => from.on('data', (data) => {
        for (const byte of data) to.write(Buffer.from([byte]));
      });
      pipe(inner, outer);
      pipe(outer, inner);
      inner.on('error', () => outer.destroy()).on('close', () => outer.destroy());
      outer.on('error', () => inner.destroy()).on('close', () => inner.destroy());
    });
    await new Promise((resolve) => cutter.listen(0, '127.0.0.1', resolve));
    server.on_stop(() => cutter.close());
    const ann = await Client.described(
      { tls_port: cutter.address().port, on_stop: (a) => server.on_stop(a) }, {}, { secure: {} });
    assert.match(await ann.ask('/ping slowly'), / PONG .*slowly$/);
  });

  it('a close has three parts: close frame, close_notify, FIN', async (t) => {
    const { server } = await secured(t);
    const ann = await Client.described(server, {}, { secure: {} });
    let clean = false;
    ann.raw.socket.on('end', () => (clean = true));
    ann.send('/quit');
    assert.equal((await ann.closed()).code, 1000);
    ann.raw.write(close_frame(1000));
    await ann.raw.gone();
    assert.ok(clean);
    assert.equal(ann.raw.error, null);
  });

  it('a slow reader gets 3008, and long replies wait for it', async (t) => {
    const { server } = await secured(t, ...Unlimited, '--set', 'resume=1ms');
    const ann = await Client.described(server, { nick: 'ann', caps: ['no-presence'] });
    const bob = await Client.described(server, { nick: 'bob', caps: ['no-names'] },
      { secure: {} });
    await ann.join('#x');
    bob.send('/join #x');
    await bob.until(/ CHANNEL #x /);
    bob.raw.stop_reading();
    // The replies are larger than the outbox, but the client requested them, so they may wait.
    bob.send(...Array.from({ length: 60 }, () => '/help'));
    const watcher = await Client.described(server, { nick: 'watcher' });
    await watcher.join('#x');
    const text = 'x'.repeat(50_000);
    for (let n = 0, quit = false; !quit; ++n) {
      assert.ok(n < 800, 'bob is still there');
      ann.send(`/pubmsg #x ${n} ${text}`);
      quit = (await watcher.until(new RegExp(` PUBMSG #x :${n} `))).some((l) => / QUIT /.test(l));
    }
    bob.raw.read_again();
    assert.equal((await bob.closed()).code, 3008);
    await bob.raw.gone();
  });

  it('a partly written record is finished before more urgent frames', async (t) => {
    const { server } = await secured(t, ...Unlimited);
    const ann = await Client.described(server, { nick: 'ann' });
    const bob = await Client.described(server, { nick: 'bob' }, { secure: {} });
    await ann.join('#x');
    await bob.join('#x');
    bob.raw.stop_reading();
    const text = 'y'.repeat(4_000);
    for (let n = 0; n < 150; ++n) {
      ann.send(`/pubmsg #x ${n} ${text}`);
      if (n % 10 === 9) ann.send(`/privmsg bob {"type":"bye","reason":"busy","n":${n}}`);
    }
    await ann.lines_until_pong();
    bob.raw.read_again();
    let chat = 0;
    let signals = 0;
    while (chat < 150 || signals < 15) {
      const line = await bob.line();
      if (/ PRIVMSG /.test(line)) ++signals;
      else if (/ PUBMSG /.test(line)) assert.ok(line.endsWith(` :${chat++} ${text}`));
    }
  });

  it('a changed certificate is loaded, and no connection is dropped', async (t) => {
    const { server, pair } = await secured(t, ...Unlimited);
    const [ann, bob] = [await Client.described(server, { nick: 'ann' }, { secure: {} }),
      await Client.described(server, { nick: 'bob' }, { secure: {} })];
    await ann.join('#x');
    await bob.join('#x');
    await ann.until(/ JOIN #x$/);
    const before = fingerprint(ann.raw);
    let said = 0;
    let stop = false;
    const talk = (async () => {
      for (; !stop; ++said) {
        ann.send(`/pubmsg #x ${said}`);
        await bob.expect(new RegExp(` PUBMSG #x :${said}$`));
      }
    })();
    talk.catch(() => {});
    const seen = new Set([before]);
    for (const how of ['file', 'SIGHUP']) {
      const fresh = new_pair();
      replace(pair, fresh);
      if (how === 'SIGHUP') server.kill('SIGHUP');
      await poll(async () => {
        const connection = await RawConnection.connect(server, { secure: {} });
        const now = fingerprint(connection);
        connection.destroy();
        return !seen.has(now) && seen.add(now);
      }, `a new certificate by ${how}`);
    }
    const reached = said;
    await poll(() => said > reached + 5, 'they still talk');
    stop = true;
    await talk;
    assert.equal(fingerprint(ann.raw), before);
  });

  it('an invalid certificate is reported, and the older one stays in use', async (t) => {
    const { server, pair } = await secured(t);
    const before = fingerprint(await RawConnection.connect(server, { secure: {} }));
    writeFileSync(pair.certificate, 'nonsense');
    await poll(() => /previous certificate stays in use: .*must be a certificate/.test(server.output), 'a word');
    assert.equal(fingerprint(await RawConnection.connect(server, { secure: {} })), before);
  });

  it('an idle connection uses little memory', { skip: Sanitized }, async (t) => {
    const { server } = await secured(t, '--set', 'net.shards=1');
    const many = 300;
    const connect = async () => {
      const client = await Client.described(server, {}, { secure: {} });
      await client.join(`#${Math.random()}`);
    };
    for (let i = 0; i < 50; ++i) await connect();
    const before = server.resident;
    for (let i = 0; i < many; ++i) await connect();
    const each = (server.resident - before) / many;
    // 24 KiB are for TLS, the rest is for the peer and its channel.
    assert.ok(each < 32, `${each} KiB for each`);
  });

  it('invalid files are reported at the start', async () => {
    const [one, other] = [new_pair(), new_pair()];
    const start = (certificate, key) => run('--listen', 'wss://127.0.0.1:0', '--set',
      `tls.certificate=${certificate}`, '--set', `tls.key=${key}`);
    const says = async (answer, pattern) => {
      const { code, stderr } = await answer;
      assert.equal(code, 1);
      assert.match(stderr, pattern);
    };
    await says(start('/nowhere.pem', one.key), /\/nowhere\.pem: there is no such file/);
    await says(start(one.certificate, '/nowhere.key'), /\/nowhere\.key: there is no such file/);
    await says(start(one.key, one.key), /key\.pem: must be a certificate in PEM format/);
    await says(start(one.certificate, one.certificate), /must be a private key in PEM format/);
    await says(start(one.certificate, other.key), /the key does not belong to the certificate/);
    await says(run('--listen', 'wss://127.0.0.1:0'), /need tls\.certificate and tls\.key/);
    assert.ok(existsSync(one.key));
  });
});
