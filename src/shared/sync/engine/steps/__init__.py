"""The steps of a batch, in their order: identify, recover, read, decide, require, match, create, update,
conclude, save. Each says which part of a job it fills (see `parts`)."""
