"""App manifests: read from YAML or JSON, checked with places, turned into apps."""
