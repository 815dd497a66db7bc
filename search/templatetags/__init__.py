"""Tags that any template may use."""
