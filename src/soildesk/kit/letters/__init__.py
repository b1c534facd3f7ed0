"""Letters and forms from an office's own files: templates rendered and blank forms filled in a limited process."""
