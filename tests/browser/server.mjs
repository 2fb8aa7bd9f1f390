// A Bookferry of its own for each test file: its server, its other commands, one company with one bookkeeper.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setInterval as every } from 'node:timers/promises';

const BINARY = resolve(process.env.BOOKFERRY_BINARY ?? '../../target/debug/bookferry');
const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 20_000;
const COMMAND_MS_MAX = 60_000;

export const BOOKKEEPER = { email: 'dana@ridgeline.example', password: 'correct horse battery staple' };

/**
 * Starts a server with an empty database and adds a company and its bookkeeper, unless it is to stay empty.
 * `options` stand in its environment, as BOOKFERRY_…; the company is added with the options of `adding`.
 * With `hasOwnClock` time can be let go by for the server, though for nobody else.
 * No .qwc file is made for a server that is named by an IP address; as `localhost` it is.
 * Stop it in an `after` hook; it also ends with this process.
 */
export async function startBookferry({ isEmpty = false, host = '127.0.0.1', options = {}, adding = [], hasOwnClock = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'bookferry-browser-'));
  const address = `127.0.0.1:${await freePort()}`;
  const base = `http://${host}:${address.split(':')[1]}`;
  const environment = {
    ...withoutBookferry(process.env),
    BOOKFERRY_LISTEN: address,
    BOOKFERRY_DATA_DIR: folder,
    BOOKFERRY_PUBLIC_URL: base,
    ...options,
  };
  const clock = hasOwnClock ? await ownClock(folder) : { environment: {} };
  let server;
  const kill = () => server.kill('SIGKILL');
  const start = async () => {
    server = spawn(BINARY, ['serve'], { env: { ...environment, ...clock.environment }, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    // A test that fails before it stops the server must not keep the run waiting.
    server.unref();
    await untilReady(server, `http://${address}`);
  };
  process.once('exit', kill);
  await start();

  const run = (words, input) => runCommand(words, input, { env: environment, cwd: folder });
  const company = isEmpty ? undefined : await addCompany(run, adding);
  const companyFile = (user) => ['--company-file', join(folder, `company-file-${user}.sqlite`)];
  return {
    base,
    company,
    run,
    /** One visit of the simulated Web Connector to a company file that is kept between visits; returns what it printed. */
    visit(faults = [], { url, user_name: user, password } = company.web_connector, further = []) {
      const connector = ['--user', user, '--password', password, ...companyFile(user)];
      const wanted = faults.flatMap((fault) => ['--fault', fault]);
      return run(['simulate', url, ...connector, '--visits', '1', ...wanted, ...further]);
    },
    /** What somebody does in that company file between visits. */
    edit(...deeds) {
      return run(['simulate', ...companyFile(company.web_connector.user_name), ...deeds.flatMap((deed) => ['--edit', deed])]);
    },
    /** Lets the server's clock go ahead by so many hours more. */
    passHours: clock.passHours,
    /** Starts it again on the same data. */
    start,
    /** With `keep` the data stay, so that it can be started again. */
    async stop({ keep = false } = {}) {
      if (!keep) process.removeListener('exit', kill);
      server.kill('SIGTERM');
      const late = AbortSignal.timeout(STOP_MS_MAX);
      const [code] = server.exitCode === null ? await once(server, 'exit', { signal: late }) : [server.exitCode];
      if (!keep) await rm(folder, { recursive: true });
      if (code !== 0) throw new Error(`the server ended with ${code} after SIGTERM`);
    },
  };
}

/**
 * A clock that libfaketime gives to a program, which reads from a file by how much it goes ahead. Time that only measures goes
 * on evenly, as it does when somebody sets a clock.
 */
async function ownClock(folder) {
  const libraries = readdirSync('/usr/lib').map((architecture) => `/usr/lib/${architecture}/faketime/libfaketime.so.1`);
  const library = libraries.find(existsSync);
  if (!library) throw new Error('there is no libfaketime on this machine; its package is called so');
  const file = join(folder, 'clock');
  let ahead = 0;
  const passHours = async (hours) => {
    ahead += hours * 3600;
    // As one: whoever reads it finds the old or the new one.
    await writeFile(`${file}-new`, `+${Math.round(ahead)}s\n`);
    await rename(`${file}-new`, file);
  };
  await passHours(0);
  const environment = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return { environment, passHours };
}

async function addCompany(run, adding) {
  const company = JSON.parse(await run(['company', 'add', 'Ridgeline Auto Glass', '--enable', '--json', ...adding]));
  await run(['user', 'add', BOOKKEEPER.email, '--role', 'bookkeeper', '--company', company.company.id], BOOKKEEPER.password);
  return company;
}

async function untilReady(server, base) {
  const late = AbortSignal.timeout(READY_MS_MAX);
  for await (const _ of every(50, undefined, { signal: late })) {
    if (server.exitCode !== null) throw new Error(`the server ended at once, with ${server.exitCode}`);
    const ready = await fetch(`${base}/readyz`, { signal: late }).catch(() => undefined);
    if (ready?.ok) return;
  }
}

/** Runs a command of the binary to its end; returns its standard output. */
function runCommand(words, input, options) {
  return new Promise((done, failed) => {
    const command = execFile(BINARY, words, { ...options, timeout: COMMAND_MS_MAX }, (error, stdout, stderr) => {
      if (error) failed(new Error(`bookferry ${words[0]} ${words[1] ?? ''}: ${stderr || error.message}`));
      else done(stdout);
    });
    // A command that reads nothing may have ended by now; whether it went well, its exit code says.
    command.stdin.on('error', () => {});
    command.stdin.end(input ?? '');
  });
}

function withoutBookferry(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('BOOKFERRY_')));
}

/** A port on which nobody listens. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}
