"""Pure renderers: a view in, Block Kit out. They read no database and send nothing."""
