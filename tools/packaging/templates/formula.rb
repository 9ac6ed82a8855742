# Made by tools/packaging/run from pyproject.toml and lock.toml; change those.
class UsageStatusline < Formula
  include Language::Python::Virtualenv

  desc "@{short}"
@{homepage}  url "@{url}"
  sha256 "@{sha256}"
  license "@{license}"

  depends_on "python@@@{homebrew_python}"

@{resources}
  def install
    virtualenv_install_with_resources
    generate_completions_from_executable(bin/"statusline", "completion")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/statusline --version")
    assert_match "5h", shell_output("#{bin}/statusline demo --once")
  end
end
