"""Plan documents read into drafts."""
