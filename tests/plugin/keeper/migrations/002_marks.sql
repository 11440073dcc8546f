ALTER TABLE visit RENAME COLUMN version TO mark;
