"""From a registry and published results to a static site: survey pages, posters, results, data."""
