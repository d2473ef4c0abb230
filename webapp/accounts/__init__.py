"""People and how they prove who they are; their sessions and settings. Not what they may do: that is workspaces."""
