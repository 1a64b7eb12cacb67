//! What git knows of single files: whether the last commit holds them as they are.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::index::entry::{Mode, Stage, Stat, stat};
use gix::objs::Kind;

use super::super::disk::read_at_most;
use super::ignored::Ignored;
use super::{Found, Stamp, Walk, open};

/// How large an index is read, in bytes.
const INDEX_LIMIT: u64 = 16 * 1024 * 1024;
/// How large a file is compared by content, in bytes.
const COMPARE_LIMIT: u64 = 1024 * 1024;
/// How large a tree is read, in bytes.
const TREE_LIMIT: u64 = 8 * 1024 * 1024;
/// How many entries of trees are remembered.
const TREE_ENTRY_LIMIT: usize = 100_000;
/// How many results of comparisons are remembered.
const COMPARED_LIMIT: usize = 20_000;

/// What one question may cost.
#[derive(Debug)]
pub(in super::super) struct Budget {
    /// Files that may still be compared by content.
    pub files: usize,
    /// Bytes that may still be read for that.
    pub bytes: u64,
    /// It was not enough.
    pub exceeded: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { files: 2_000, bytes: 32 * 1024 * 1024, exceeded: false }
    }
}

/// Whether git keeps a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kept {
    /// The last commit holds it as it is.
    Committed,
    /// It is tracked, and what it holds is in no commit.
    Changed,
    /// A repository of its own is tracked here.
    Submodule,
    /// It is not tracked.
    No,
}

/// The index, the tree of the last commit and what is ignored.
#[derive(Debug)]
pub(in super::super) struct Files {
    found: Found,
    index: gix::index::File,
    head: Option<ObjectId>,
    ignored: Ignored,
    trees: Mutex<Trees>,
    compared: Mutex<HashMap<usize, (Stamp, bool)>>,
}

/// Folders of the last commit, by their paths in the worktree.
#[derive(Debug, Default)]
struct Trees {
    known: HashMap<Vec<u8>, Option<Arc<Tree>>>,
    entries: usize,
}

/// The entries of a folder in a commit: names, sorted, with their objects.
type Tree = Vec<(Vec<u8>, ObjectId)>;

impl Files {
    pub(super) fn read(found: &Found, excludes: &Path) -> Option<Self> {
        let repository = open(found)?;
        let path = found.store.join("index");
        let index = match Stamp::of(&path) {
            None => gix::index::File::from_state(gix::index::State::new(gix::hash::Kind::Sha1), path),
            Some(stamp) if stamp.length > INDEX_LIMIT => return None,
            Some(_) => repository.open_index().ok()?,
        };
        let head = match repository.head().ok()?.id() {
            None => None,
            Some(id) => Some(repository.find_commit(id.detach()).ok()?.tree_id().ok()?.detach()),
        };
        Some(Self {
            ignored: Ignored::read(&found.worktree, &found.common, excludes),
            found: found.clone(),
            index,
            head,
            trees: Mutex::default(),
            compared: Mutex::default(),
        })
    }

    /// The start of a walk at the worktree.
    pub(in super::super) fn walk(&self) -> Walk<'_> {
        Walk::new(&self.ignored)
    }

    /// How many files below a folder are tracked; all of them for an empty path.
    pub(in super::super) fn tracked_below(&self, relative: &Path) -> usize {
        let mut prefix = relative.as_os_str().as_encoded_bytes().to_vec();
        if prefix.is_empty() {
            return self.index.entries().len();
        }
        prefix.push(b'/');
        self.index.prefixed_entries(BStr::new(&prefix)).map_or(0, <[_]>::len)
    }

    /// The file at this path of the worktree is tracked, or a merge of it is under way.
    pub(in super::super) fn tracks(&self, relative: &Path) -> bool {
        let path = BStr::new(relative.as_os_str().as_encoded_bytes());
        self.index.entry_range(path).is_some()
    }

    /// Whether git keeps the file at this path of the worktree.
    pub(in super::super) fn kept(&self, relative: &Path, budget: &mut Budget) -> Kept {
        let path = BStr::new(relative.as_os_str().as_encoded_bytes());
        let Some(at) = self.index.entry_index_by_path_and_stage(path, Stage::Unconflicted) else {
            return if self.index.entry_range(path).is_some() { Kept::Changed } else { Kept::No };
        };
        let entry = self.index.entry(at);
        if entry.mode == Mode::COMMIT {
            return Kept::Submodule;
        }
        if self.in_head(path) != Some(entry.id) {
            return Kept::Changed;
        }
        if self.unchanged(relative, at, budget) { Kept::Committed } else { Kept::Changed }
    }

    /// The object that the last commit has at this path.
    fn in_head(&self, path: &BStr) -> Option<ObjectId> {
        let (folder, name) = match path.rfind_byte(b'/') {
            Some(slash) => (path.get(..slash)?, path.get(slash + 1..)?),
            None => (&b""[..], path.as_bytes()),
        };
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = trees.known.get(folder) {
            return find(known.as_ref()?, name);
        }
        let repository = open(&self.found)?;
        let tree = trees.at(folder, self.head?, &repository)?;
        find(&tree, name)
    }

    /// The file on the disk is what the index holds.
    fn unchanged(&self, relative: &Path, at: usize, budget: &mut Budget) -> bool {
        let path = self.found.worktree.join(relative);
        let entry = self.index.entry(at);
        let Ok(facts) = gix::index::fs::Metadata::from_path_no_follow(&path) else { return false };
        let is_link = entry.mode == Mode::SYMLINK;
        if facts.is_symlink() != is_link || !(is_link || facts.is_file()) {
            return false;
        }
        let options = stat::Options { trust_ctime: true, check_stat: true, use_nsec: true, use_stdev: false };
        let Ok(now) = Stat::from_fs(&facts) else { return false };
        if now.matches(&entry.stat, options) && !entry.stat.is_racy(self.index.timestamp(), options) {
            return true;
        }
        // Git writes a length of zero for what it has to look at again.
        if now.size != entry.stat.size && entry.stat.size != 0 {
            return false;
        }
        let Ok(facts) = path.symlink_metadata() else { return false };
        let stamp = Stamp::from_facts(&facts);
        let mut compared = self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, same)) = compared.get(&at)
            && *known == stamp
        {
            return *same;
        }
        if budget.files == 0 || facts.len() > budget.bytes.min(COMPARE_LIMIT) {
            budget.exceeded |= facts.len() <= COMPARE_LIMIT;
            return false;
        }
        budget.files -= 1;
        budget.bytes = budget.bytes.saturating_sub(facts.len());
        let same = same_content(&path, is_link, entry.id);
        if compared.len() >= COMPARED_LIMIT {
            compared.clear();
        }
        compared.insert(at, (stamp, same));
        same
    }
}

fn same_content(path: &Path, is_link: bool, id: ObjectId) -> bool {
    let bytes = if is_link {
        std::fs::read_link(path).ok().map(|target| target.into_os_string().into_encoded_bytes())
    } else {
        read_at_most(path, COMPARE_LIMIT + 1)
    };
    let Some(bytes) = bytes else { return false };
    let is =
        |bytes: &[u8]| gix::objs::compute_hash(id.kind(), Kind::Blob, bytes).is_ok_and(|found| found == id);
    // With `core.autocrlf` the worktree has line ends that the commit has not.
    is(&bytes) || (!is_link && bytes.contains_str("\r\n") && is(&bytes.replace("\r\n", "\n")))
}

fn find(tree: &Tree, name: &[u8]) -> Option<ObjectId> {
    let at = tree.binary_search_by(|(known, _)| known.as_slice().cmp(name)).ok()?;
    tree.get(at).map(|(_, id)| *id)
}

impl Trees {
    /// The folder in the commit whose root is `head`, read when it is not known yet.
    fn at(&mut self, folder: &[u8], head: ObjectId, repository: &gix::Repository) -> Option<Arc<Tree>> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let id = if folder.is_empty() {
            Some(head)
        } else {
            let (parent, name) = match folder.rfind_byte(b'/') {
                Some(slash) => (folder.get(..slash)?, folder.get(slash + 1..)?),
                None => (&b""[..], folder),
            };
            self.at(parent, head, repository).and_then(|tree| find(&tree, name))
        };
        let tree = id.and_then(|id| read_tree(id, repository)).map(Arc::new);
        if self.entries >= TREE_ENTRY_LIMIT {
            self.known.clear();
            self.entries = 0;
        }
        self.entries += 1 + tree.as_ref().map_or(0, |tree| tree.len());
        self.known.insert(folder.to_vec(), tree.clone());
        tree
    }
}

fn read_tree(id: ObjectId, repository: &gix::Repository) -> Option<Tree> {
    let header = repository.find_header(id).ok()?;
    if header.kind() != Kind::Tree || header.size() > TREE_LIMIT {
        return None;
    }
    let tree = repository.find_tree(id).ok()?;
    let mut entries: Tree = tree
        .decode()
        .ok()?
        .entries
        .iter()
        .map(|entry| (entry.filename.to_vec(), entry.oid.to_owned()))
        .collect();
    entries.sort();
    Some(entries)
}
