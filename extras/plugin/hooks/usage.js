// Hands the numbers that Claude Code knows to statusline's cache, and pins the segment where no
// status line is configured. Early access: Claude Code may change this interface in any version;
// seen with 2.1.328 and 2.1.330. Nothing here opens a connection: it runs `statusline claude`, as a
// status line does, under the same rules for what counts and when the usage API may be asked.

const NOT_INSTALLED = 'statusline is not installed'
/** How often it looks for something to do, and every how many looks it draws anew. */
const LOOK_MS = 6_000
const DRAWN_EVERY = 5
/** How often new numbers are offered: for 5 s after a refresher was started, nobody hears them. */
const OFFERS = 3
const SEGMENT_LIMIT_MS = 5_000
const COMMAND_LIMIT_MS = 60_000

/** To statusline, one load of this module is one session, and `answers` is its counter. */
const session = crypto.randomUUID()
let answers = 0
let isAnswered = false
let said = { session_id: session }
let offersLeft = 0
let looks = 0
/** Runs `statusline claude` with what was said last; `session.start` comes before all else. */
let offer = async () => {}

/** How statusline is run: found also where installers put it and PATH does not look. */
const options = (path, home, timeoutMs, input = '') => ({
  env: { PATH: `${path ?? ''}:${home ?? ''}/.local/bin`, NO_COLOR: '1' },
  stdin: input,
  timeoutMs,
})

/** A segment as one line: a newline would be drawn as a sign. */
const line = (text) => text.trim().split('\n').join(' · ') || undefined

/** Text as it is, below the plugin's name, and not as Markdown. */
const verbatim = (text) => ({ text: `\n\`\`\`\n${text.trim()}\n\`\`\`` })

/** A measurement in the words of a status line's stdin. */
const inWords = (e, version) => ({
  session_id: session,
  version,
  cost: { total_cost_usd: e.cost?.usd ?? null },
  context_window: { used_percentage: e.context.percent ?? null },
  prompt_cache: { requests: answers },
  rate_limits: Object.fromEntries(
    e.rateLimits.map(({ kind, percentUsed, resetsAt }) => [
      kind,
      { used_percentage: percentUsed, resets_at: resetsAt ? Date.parse(resetsAt) / 1000 : null },
    ]),
  ),
})

export function register(on) {
  on('session.start', async ($, e, next) => {
    offer = async () => {
      const isTaken = Boolean(await $.settings.read({ key: 'statusLine' }))
      if (isTaken) $.ui.status(undefined)
      if (isTaken && offersLeft <= 0) return
      offersLeft -= 1
      const path = await $.env.get('PATH')
      const home = await $.env.get('HOME')
      try {
        const asked = options(path, home, SEGMENT_LIMIT_MS, JSON.stringify(said))
        const { stdout } = await $.process.run(['statusline', 'claude'], asked)
        if (!isTaken) $.ui.status(line(stdout))
      } catch (error) {
        // An old segment would go on saying what is no longer true.
        if (!isTaken) $.ui.status(String(error).includes('ENOENT') ? NOT_INSTALLED : undefined)
      }
    }
    if (e.isInteractive) {
      $.clock.every(LOOK_MS, () => {
        looks += 1
        if (offersLeft > 0 || looks % DRAWN_EVERY === 0) void offer()
      })
      void offer()
    }
    return next(e)
  })

  on('turn.complete', ($, e, next) => {
    if (!e.isAborted && e.usage) isAnswered = true
    return next(e)
  })

  // After each turn, and when a window moves. A turn that cost something brought new numbers.
  on('session.measure', async ($, e, next) => {
    const done = await next(e)
    if (isAnswered && e.changed.includes('cost')) answers += 1
    isAnswered = false
    said = inWords(e, (await $.session.version()).version)
    offersLeft = OFFERS
    await offer()
    return done
  })

  // The commands' files do the same through the model; here the model is not asked.
  on('command.run', { command: 'statusline:usage' }, async ($, e, next) => {
    const path = await $.env.get('PATH')
    const home = await $.env.get('HOME')
    const asked = options(path, home, COMMAND_LIMIT_MS)
    const { stdout, stderr } = await $.process.run(['statusline', 'show'], asked)
    return verbatim(stdout + stderr)
  }).catch(() => ({ text: NOT_INSTALLED }))

  on('command.run', { command: 'statusline:setup' }, async ($, e, next) => {
    const path = await $.env.get('PATH')
    const home = await $.env.get('HOME')
    const asked = options(path, home, COMMAND_LIMIT_MS)
    const shown = await $.process.run(['statusline', 'install', 'claude', '--print'], asked)
    if (shown.exitCode !== 0) return verbatim(shown.stdout + shown.stderr)
    const done = await $.process.run(['statusline', 'install', 'claude', '--yes'], asked)
    if (done.exitCode === 0) $.ui.status(undefined)
    // It shows the change once more before it makes it.
    return verbatim(shown.stdout + done.stdout.replace(shown.stdout, '') + done.stderr)
  }).catch(() => ({ text: NOT_INSTALLED }))
}
