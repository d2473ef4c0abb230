"""What people are told: notices in the app, counted in the header. Why is known to whoever calls `notify`."""
