// A program that makes wrong /oper attempts from one address on several connections. Each
// connection sends as fast as the server answers; a closed connection is opened again. Prints the
// count of each answer as JSON.
//   node guess_passwords.mjs URL ADDRESS TRIES CONNECTIONS
import WebSocket from 'ws';

const [url, localAddress, tries, connections] = process.argv.slice(2);
const Ahead = 20;  // attempts that a connection may send before their answers arrive
const answers = {};
let left = Number(tries);

function guess() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { localAddress, perMessageDeflate: false });
    let open = 0;
    const send = () => {
      for (; open < Ahead && left > 0; ++open, --left) socket.send(`/oper root guess-${left}`);
      if (open === 0) socket.close();
    };
    socket.on('open', () => socket.send('/descp {}'));
    socket.on('message', (data) => {
      const [, verb, ...rest] = String(data).split(' ');
      if (verb === '381') reject(new Error('a guess was right'));
      const answer = verb === 'FAIL' && rest[0] === 'OPER' ? rest[1] : verb === '464' ? verb : null;
      if (answer) {
        --open;
        answers[answer] = (answers[answer] ?? 0) + 1;
      }
      if (answer || verb === '422') send();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      left += open;
      resolve(left > 0 ? guess() : undefined);
    });
  });
}

await Promise.all(Array.from({ length: Number(connections) }, guess));
console.log(JSON.stringify(answers));
