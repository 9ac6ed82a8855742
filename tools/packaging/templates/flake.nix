# Made by tools/packaging/run from pyproject.toml and lock.toml; change those.
{
  description = "@{description}";

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
          throw "@{name} needs ${package.pname} ${floor}, and nixpkgs has ${package.version}";
    in
    {
      packages = forEach (
        system:
        let
          python = nixpkgs.legacyPackages.${system}.python3Packages;
        in
        {
          default = python.buildPythonApplication {
            pname = "@{name}";
            version = "@{version}";
            pyproject = true;
            src = self.sourceInfo.outPath;
            build-system = [ (atLeast "@{backend_floor}" python.@{backend}) ];
            dependencies = [
@{dependencies}            ];
            pythonImportsCheck = [ "statusline" ];
            meta = {
              description = "@{description}";
@{homepage}              license = nixpkgs.lib.licenses.@{spdx};
              mainProgram = "statusline";
            };
          };
        }
      );
    };
}
