"""What the rows of a file may be; each is a `Kind` of `services.importing.loading`."""
