"""The only reads of the administrator's pages, one module per part."""
