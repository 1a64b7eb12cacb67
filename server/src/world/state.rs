//! What stands at a place now, and whether it could be brought back.

use super::{Place, World};

/// What stands at a place now, in numbers of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Something is there.
    pub exists: bool,
    /// It is a folder.
    pub folder: bool,
    /// Made in this session.
    pub made: usize,
    /// Tracked by git and as in the last commit.
    pub committed: usize,
    /// Tracked by git, with changes that are in no commit.
    pub changed: usize,
    /// Made by a build and made again by the next one.
    pub rebuildable: usize,
    /// Ignored by git, and not known to be rebuildable.
    pub ignored: usize,
    /// In a repository, neither tracked nor ignored.
    pub untracked: usize,
    /// In no repository.
    pub unversioned: usize,
    /// A repository's own store lies in it.
    pub repository: bool,
    /// There was more than was looked at, or something could not be read.
    pub capped: bool,
}

impl State {
    /// Nothing is there.
    #[must_use]
    pub fn missing() -> Self {
        Self::default()
    }

    /// Something is there, and nothing is known of it.
    #[must_use]
    pub fn unknown() -> Self {
        Self { exists: true, capped: true, ..Self::default() }
    }

    /// Files that could not be brought back.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.changed + self.ignored + self.untracked + self.unversioned
    }

    /// All that is there could be brought back, or nothing is there.
    #[must_use]
    pub fn recoverable(&self) -> bool {
        !self.exists || (self.lost() == 0 && !self.repository && !self.capped)
    }
}

pub(super) fn of(world: &World<'_>, place: &Place) -> State {
    if !place.known {
        return State::unknown();
    }
    if !world.exists(&place.path) {
        return State::missing();
    }
    State { exists: true, folder: world.is_folder(&place.path), unversioned: 1, ..State::default() }
}
