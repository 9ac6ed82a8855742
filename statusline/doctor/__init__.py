"""What may be wrong between a login and a shown segment, each as one check with its fix."""
