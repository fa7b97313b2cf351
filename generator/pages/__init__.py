"""One module per kind of page: values in, text out."""
