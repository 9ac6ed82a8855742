"""What several tests share: servers, probes and process tools of our own."""
