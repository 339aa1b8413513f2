-- How the replies of a conversation are asked for, as JSON; NULL where nothing was chosen.
ALTER TABLE conversations ADD COLUMN choices TEXT;
