// The official JavaScript SDKs against a sandbox: @slack/web-api, @slack/bolt, @slack/socket-mode.
// SANDBOX_URL is where it is; SLACK_JS_MODULES a folder with node_modules of the three.
const assert = require('node:assert/strict');
const { createRequire } = require('node:module');
const theirs = createRequire(`${process.env.SLACK_JS_MODULES}/package.json`);
const { WebClient, ErrorCode } = theirs('@slack/web-api');
const { SocketModeClient } = theirs('@slack/socket-mode');
const { App } = theirs('@slack/bolt');

const url = process.env.SANDBOX_URL;
const slackApiUrl = `${url}/api/`;
const token = 'xoxb-test-bot';
const button = { type: 'button', action_id: 'take', text: { type: 'plain_text', text: 'Take' } };
const blocks = [{ type: 'actions', elements: [button] }];
const modal = {
  type: 'modal', callback_id: 'ruling', title: { type: 'plain_text', text: 'Ruling' },
  submit: { type: 'plain_text', text: 'Save' },
  blocks: [{ type: 'input', block_id: 'why', label: { type: 'plain_text', text: 'Why' },
    element: { type: 'plain_text_input', action_id: 'text' } }],
};

async function act(what, body) {
  const answer = await fetch(`${url}/sandbox/as/U1LI/${what}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  return answer.json();
}

async function until(done) {
  for (let n = 0; n < 200 && !(await done()); n += 1) await new Promise((r) => setTimeout(r, 25));
  assert(await done());
}

const tests = {
  async 'web-api: a message is posted, changed, threaded and deleted'() {
    const web = new WebClient(token, { slackApiUrl });
    const { ts } = await web.chat.postMessage({ channel: 'C1DESK', text: 'one', blocks });
    await web.chat.postMessage({ channel: 'C1DESK', thread_ts: ts, text: 'reply' });
    assert.equal((await web.conversations.replies({ channel: 'C1DESK', ts })).messages.length, 2);
    assert.equal((await web.chat.update({ channel: 'C1DESK', ts, text: 'two' })).text, 'two');
    assert((await web.chat.delete({ channel: 'C1DESK', ts })).ok);
  },
  async 'web-api: pages are walked by cursor'() {
    const web = new WebClient(token, { slackApiUrl });
    const found = [];
    for await (const page of web.paginate('users.list', { limit: 1 })) found.push(...page.members);
    assert(found.length >= 4);
  },
  async 'web-api: a refusal is a platform error with its code and scopes'() {
    const web = new WebClient(token, { slackApiUrl });
    const error = await web.chat.postMessage({ channel: 'C5HIDE', text: 'x' }).catch((e) => e);
    assert.equal(error.code, ErrorCode.PlatformError);
    assert.equal(error.data.error, 'channel_not_found');
    assert(error.data.response_metadata.scopes.includes('chat:write'));
  },
  async 'web-api: a file is uploaded in its three steps'() {
    const web = new WebClient(token, { slackApiUrl });
    const done = await web.files.uploadV2({
      channel_id: 'C1DESK', filename: 'a.txt', content: 'evidence', initial_comment: 'see',
    });
    assert(done.ok);
  },
  async 'web-api: a limit is waited for'() {
    const set = (body) => fetch(`${url}/sandbox/faults`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    await set({ kind: 'ratelimited', method: 'team.info', retry_after: 1 });
    const web = new WebClient(token, { slackApiUrl });
    const began = Date.now();
    assert((await web.team.info()).ok);
    assert(Date.now() - began >= 900);
  },
  async 'socket-mode: envelopes come and are acknowledged'() {
    const client = new SocketModeClient({ appToken: 'xapp-test', clientOptions: { slackApiUrl } });
    const heard = [];
    client.on('slash_commands', async ({ body, ack }) => { heard.push(body); await ack({ text: 'hi' }); });
    await client.start();
    const seen = await act('command', { channel: 'C1DESK', text: '/dispute new' });
    assert.equal(seen.ephemerals[0].text, 'hi');
    assert.equal(heard[0].text, 'new');
    await client.disconnect();
  },
  async 'bolt: a click opens a modal whose submission is checked and taken'() {
    const app = new App({ token, appToken: 'xapp-test', socketMode: true, clientOptions: { slackApiUrl } });
    const taken = [];
    app.action('take', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: modal });
    });
    app.view('ruling', async ({ ack, view }) => {
      const text = view.state.values.why.text.value;
      if (text.length < 5) { await ack({ response_action: 'errors', errors: { why: 'more' } }); return; }
      taken.push(text);
      await ack();
    });
    await app.start();
    const { ts } = await app.client.chat.postMessage({ channel: 'C1DESK', text: 'card', blocks });
    assert((await act('click', { channel: 'C1DESK', ts, action_id: 'take' })).ok);
    await until(async () => (await (await fetch(`${url}/sandbox/as/U1LI/modals`)).json()).modals.length);
    assert.deepEqual((await act('submit', { state: { text: 'no' } })).errors, { why: 'more' });
    assert.equal((await act('submit', { state: { text: 'because' } })).modal, null);
    assert.deepEqual(taken, ['because']);
    await app.stop();
  },
  async 'bolt: events and respond work over the socket'() {
    const app = new App({ token, appToken: 'xapp-test', socketMode: true, clientOptions: { slackApiUrl } });
    const heard = [];
    app.message('parcel', async ({ message, say }) => { heard.push(message.text); await say('where?'); });
    app.action('take', async ({ ack, respond }) => { await ack(); await respond({ text: 'yours', replace_original: true }); });
    await app.start();
    await act('post', { channel: 'C1DESK', text: 'my parcel' });
    await until(() => heard.length === 1);
    const { ts } = await app.client.chat.postMessage({ channel: 'C1DESK', text: 'card', blocks });
    await act('click', { channel: 'C1DESK', ts, action_id: 'take' });
    await until(async () => (await app.client.conversations.history({ channel: 'C1DESK', latest: ts, inclusive: true, limit: 1 })).messages[0].text === 'yours');
    await app.stop();
  },
};

(async () => {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    try { await test(); console.log(`passed ${name}`); } catch (error) {
      failed += 1;
      console.log(`failed ${name}: ${error.stack}`);
    }
  }
  process.exit(failed ? 1 : 0);
})();
