"""What ``statusline install`` adds to other programs' files, and takes back."""
