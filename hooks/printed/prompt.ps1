# statusline in the PowerShell prompt, for Windows PowerShell 5.1 and PowerShell 7. In $PROFILE:
#
#   statusline init pwsh | Out-String | Invoke-Expression
#
# What it does: puts the segment before your prompt, by running `statusline plain` (or
# $env:STATUSLINE_BIN) for each prompt, which never waits for the network. Loaded again it adds
# nothing a second time.
# What it never does: change $LASTEXITCODE or what programs inherit.

if (-not (Test-Path Variable:Global:StatuslinePrompt)) {
    $Global:StatuslinePrompt = $Function:prompt
    function Global:prompt {
        $code = $Global:LASTEXITCODE
        $program = if ($env:STATUSLINE_BIN) { $env:STATUSLINE_BIN } else { 'statusline' }
        $segment = ''
        if (Get-Command $program -ErrorAction SilentlyContinue) {
            $before = $env:FORCE_COLOR
            $env:FORCE_COLOR = '1'
            $segment = "$(& $program plain 2>$null)".TrimEnd()
            $env:FORCE_COLOR = $before
        }
        $Global:LASTEXITCODE = $code
        $rest = & $Global:StatuslinePrompt
        if ($segment) { "$segment $rest" } else { "$rest" }
    }
}
