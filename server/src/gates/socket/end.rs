//! The two ends of a socket, as the operating system has them.
#![expect(clippy::disallowed_methods, reason = "a socket is a file, and goes with its server")]

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg(unix)]
pub use unix::{Hangup, Stream, end};
#[cfg(windows)]
pub use windows::{Hangup, Stream, end};

/// Where a server listens. The entry goes when this is dropped.
#[derive(Debug)]
pub struct Listener {
    #[cfg(unix)]
    socket: tokio::net::UnixListener,
    #[cfg(windows)]
    next: tokio::net::windows::named_pipe::NamedPipeServer,
    entry: PathBuf,
}

impl Listener {
    /// Whether hooks still find it.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.entry.symlink_metadata().is_ok()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.entry);
        // Whoever goes last takes the workspace's folder along: it goes only when it is empty.
        if let Some(folder) = self.entry.parent() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixStream;

    use super::*;

    /// The hook's end.
    #[derive(Debug)]
    pub struct Stream(UnixStream);

    /// Whoever is at the other end runs as the same user. Not even root speaks for somebody else.
    pub(super) fn is_same_user(peer: u32) -> bool {
        peer == rustix::process::geteuid().as_raw()
    }

    /// Goes to a server's socket.
    ///
    /// # Errors
    /// When nobody listens, or another user does.
    pub fn end(entry: &Path) -> io::Result<Stream> {
        let stream = UnixStream::connect(entry)?;
        #[cfg(target_os = "linux")]
        if !is_same_user(rustix::net::sockopt::socket_peercred(&stream)?.uid.as_raw()) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(Stream(stream))
    }

    /// What can end a call from elsewhere.
    #[derive(Debug)]
    pub struct Hangup(UnixStream);

    impl Hangup {
        /// Ends the call: the server hears that nobody waits any more.
        pub fn hang_up(&self) {
            let _ = self.0.shutdown(std::net::Shutdown::Both);
        }
    }

    impl Stream {
        /// What can end this call from elsewhere. `None` when the system says no.
        #[must_use]
        pub fn hangup(&self) -> Option<Hangup> {
            self.0.try_clone().ok().map(Hangup)
        }

        /// Waits no longer than this for the next bytes.
        ///
        /// # Errors
        /// When the system says no.
        pub fn wait(&self, longest: Duration) -> io::Result<()> {
            let longest = Some(longest.max(Duration::from_millis(1)));
            self.0.set_read_timeout(longest)?;
            self.0.set_write_timeout(longest)
        }
    }

    impl io::Read for Stream {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.0.read(bytes)
        }
    }

    impl io::Write for Stream {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    impl Listener {
        /// Listens. To be called inside a tokio runtime.
        ///
        /// # Errors
        /// When the socket cannot be made.
        pub fn bind(entry: &Path) -> io::Result<Self> {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            let unready = entry.with_file_name(format!(".{name}"));
            let _ = std::fs::remove_file(&unready);
            let socket = tokio::net::UnixListener::bind(&unready)?;
            std::fs::set_permissions(&unready, std::fs::Permissions::from_mode(0o600))?;
            // It has its name only from when it is listened to.
            std::fs::rename(&unready, entry)?;
            Ok(Self { socket, entry: entry.to_path_buf() })
        }

        /// The next hook of the same user. Others are sent away.
        ///
        /// # Errors
        /// When the system cannot take in another one.
        pub async fn accept(&mut self) -> io::Result<tokio::net::UnixStream> {
            loop {
                let (stream, _) = self.socket.accept().await?;
                match stream.peer_cred() {
                    Ok(peer) if is_same_user(peer.uid()) => return Ok(stream),
                    Ok(peer) => tracing::warn!(user = peer.uid(), "another user knocked"),
                    Err(error) => tracing::warn!(%error, "it is not known who knocked"),
                }
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::unix::is_same_user;

    #[test]
    fn only_the_same_user_is_spoken_with() {
        let user = rustix::process::geteuid().as_raw();
        assert!(is_same_user(user));
        for other in [0, 1, user.wrapping_add(1), 65_534, u32::MAX] {
            assert_eq!(is_same_user(other), other == user, "{other}");
        }
    }
}

/// The entry in the folder is a file that stands for a pipe of the same name.
#[cfg(windows)]
mod windows {
    use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};

    use super::*;

    /// The hook's end.
    #[derive(Debug)]
    pub struct Stream(std::fs::File);

    fn pipe(entry: &Path) -> PathBuf {
        let part = |path: Option<&Path>| {
            path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
        };
        PathBuf::from(format!(r"\\.\pipe\banksman-{}-{}", part(entry.parent()), part(Some(entry))))
    }

    /// Goes to a server's pipe.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn end(entry: &Path) -> io::Result<Stream> {
        std::fs::OpenOptions::new().read(true).write(true).open(pipe(entry)).map(Stream)
    }

    /// What can end a call from elsewhere. A pipe cannot be ended so; the question stays.
    #[derive(Debug)]
    pub struct Hangup;

    impl Hangup {
        /// Does nothing.
        pub fn hang_up(&self) {}
    }

    impl Stream {
        /// What can end this call from elsewhere.
        #[must_use]
        pub fn hangup(&self) -> Option<Hangup> {
            Some(Hangup)
        }

        /// A pipe waits for ever; whoever holds it keeps the time.
        ///
        /// # Errors
        /// Never.
        pub fn wait(&self, _: Duration) -> io::Result<()> {
            Ok(())
        }
    }

    impl io::Read for Stream {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.0.read(bytes)
        }
    }

    impl io::Write for Stream {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    impl Listener {
        /// Listens. To be called inside a tokio runtime.
        ///
        /// # Errors
        /// When the pipe cannot be made.
        pub fn bind(entry: &Path) -> io::Result<Self> {
            let mut options = ServerOptions::new();
            options.first_pipe_instance(true).reject_remote_clients(true);
            let next = options.create(pipe(entry))?;
            std::fs::write(entry, "")?;
            Ok(Self { next, entry: entry.to_path_buf() })
        }

        /// The next hook. The pipe's own rights keep other users out.
        ///
        /// # Errors
        /// When the system cannot take in another one.
        pub async fn accept(&mut self) -> io::Result<NamedPipeServer> {
            self.next.connect().await?;
            let fresh = ServerOptions::new().reject_remote_clients(true).create(pipe(&self.entry))?;
            Ok(std::mem::replace(&mut self.next, fresh))
        }
    }
}
