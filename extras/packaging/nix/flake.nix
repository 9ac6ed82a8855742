# Made by tools/packaging/run from pyproject.toml and lock.toml; change those.
{
  description = "Claude usage in Claude Code's status line, tmux and the shell prompt, from one cache";

  inputs.nixpkgs.url = "nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ];
      forEach = nixpkgs.lib.genAttrs systems;
      atLeast =
        floor: package:
        if builtins.compareVersions package.version floor >= 0 then
          package
        else
          throw "usage-statusline needs ${package.pname} ${floor}, and nixpkgs has ${package.version}";
    in
    {
      packages = forEach (
        system:
        let
          python = nixpkgs.legacyPackages.${system}.python3Packages;
        in
        {
          default = python.buildPythonApplication {
            pname = "usage-statusline";
            version = "0.1.0";
            pyproject = true;
            src = self.sourceInfo.outPath;
            build-system = [ (atLeast "1.26" python.hatchling) ];
            dependencies = [
              (atLeast "8.1" python.click)
              (atLeast "3.30" python.filelock)
              (atLeast "0.19" python.msgspec)
              (atLeast "2.32.5" python.requests)
              (atLeast "13.7" python.rich)
              (atLeast "0.15" python.tomlkit)
              (atLeast "2.7" python.urllib3)
              (atLeast "0.20" python.prometheus-client)
              (atLeast "1.0" python.textual)
            ];
            pythonImportsCheck = [ "statusline" ];
            meta = {
              description = "Claude usage in Claude Code's status line, tmux and the shell prompt, from one cache";
              license = nixpkgs.lib.licenses.mit;
              mainProgram = "statusline";
            };
          };
        }
      );
    };
}
