// Runs the plugin's module as Claude Code does: `node plugin_module.mjs MODULE STEPS`, where STEPS is
// JSON of [event, argument], ["look"] for its timer, or ["set", settings], ["exit", code] and
// ["fail", message] for what follows. Prints JSON of what it did: {"argv", "stdin"} for a process,
// {"status"} for a pinned line, {"text"} for the answer to a command.
const [module, steps] = process.argv.slice(2)
const { register } = await import(module)
const hooks = {}
const timers = []
const log = []
let settings = {}
let failure = null
let exitCode = 0
const $ = Object.freeze({
  clock: { every: (ms, fn) => timers.push(fn) },
  env: { get: async (name) => ({ HOME: '/home/ada', PATH: '/usr/bin' })[name] },
  process: {
    run: async (argv, init) => {
      if (failure) throw new Error(failure)
      log.push({ argv, stdin: init.stdin, path: init.env.PATH })
      return { exitCode, stdout: 'one\ntwo\n', stderr: '' }
    },
  },
  session: { version: async () => ({ version: '2.1.330' }) },
  settings: { read: async ({ key }) => settings[key] },
  ui: { status: (text) => log.push({ status: text ?? null }) },
})
register((event, ...rest) => {
  const hook = { run: rest.at(-1), caught: (error) => { throw error } }
  hooks[rest.length > 1 ? rest[0].command : event] = hook
  return { catch: (handler) => { hook.caught = handler } }
})
for (const [event, argument] of JSON.parse(steps)) {
  if (event === 'set') settings = argument
  else if (event === 'fail') failure = argument
  else if (event === 'look') timers.forEach((fn) => fn())
  else if (event === 'exit') exitCode = argument
  else {
    const hook = hooks[argument.command ?? event]
    const found = await hook.run($, argument, async (e) => e).catch(hook.caught)
    if (event === 'command.run') log.push(found)
  }
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}
console.log(JSON.stringify(log))
