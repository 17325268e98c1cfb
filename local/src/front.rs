//! The one port: everything the laptop cloud serves to browsers and programs, on 127.0.0.1 alone.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::mailbox::Mailbox;
use crate::pages;
use crate::s3::Bucket;

/// How long a stop waits for requests under way.
const STOP_WAIT: Duration = Duration::from_secs(1);

/// Why the port could not be opened; each one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum FrontError {
    /// Somebody listens there.
    #[error("port {port} is in use; stop what listens there or set PORT to another number")]
    InUse { port: u16 },
    /// Low ports belong to the administrator of the machine.
    #[error("port {port} may not be opened by you; set PORT to a number from 1024 to 65535")]
    Forbidden { port: u16 },
    /// Anything else.
    #[error("cannot open port {port}")]
    Listen { port: u16, source: io::Error },
    /// Serving ended by itself.
    #[error("the server stopped")]
    Serve(#[source] io::Error),
}

/// What is served behind the port.
#[derive(Debug)]
pub struct Parts {
    /// The API, `/v1/*`, and whatever else answers 404 and 405: only this one may have a fallback.
    pub api: Router,
    /// At `/{BUCKET}`.
    pub bucket: Bucket,
    /// At `/_local/mail` and the SES endpoint's path.
    pub mailbox: Mailbox,
    /// The trust center that `/` leads to, if there is one yet.
    pub trust_slug: Option<String>,
}

impl Parts {
    /// All of it as one router. Handlers find the peer as `ConnectInfo<SocketAddr>`.
    pub fn into_router(self) -> Router {
        self.api
            .merge(self.bucket.router())
            .merge(self.mailbox.router())
            .merge(pages::router(self.trust_slug.as_deref()))
    }
}

/// An open port that serves nothing yet: callers wait instead of being refused.
#[derive(Debug)]
pub struct Front {
    listener: TcpListener,
    port: u16,
}

impl Front {
    /// Opens `port` of 127.0.0.1; 0 takes any free one.
    ///
    /// # Errors
    /// [`FrontError::InUse`], [`FrontError::Forbidden`], [`FrontError::Listen`].
    pub async fn bind(port: u16) -> Result<Self, FrontError> {
        let opened = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = opened.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => FrontError::InUse { port },
            io::ErrorKind::PermissionDenied => FrontError::Forbidden { port },
            _ => FrontError::Listen { port, source },
        })?;
        let port =
            listener.local_addr().map_err(|source| FrontError::Listen { port, source })?.port();
        Ok(Self { listener, port })
    }

    /// What people type and mails link to, such as `http://localhost:8080`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Serves until `stop` is done, then lets requests under way finish for at most 1 s.
    ///
    /// # Errors
    /// [`FrontError::Serve`] if the server ended by itself.
    pub async fn serve(
        self,
        router: Router,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), FrontError> {
        let (stopping, stopped) = oneshot::channel();
        let asked = async move {
            stop.await;
            // Nobody waits for it only when serving has ended already.
            let _ = stopping.send(());
        };
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(self.listener, service).with_graceful_shutdown(asked);
        let overdue = async move {
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(STOP_WAIT).await;
        };
        tokio::select! {
            ended = async { serving.await } => ended.map_err(FrontError::Serve),
            () = overdue => Ok(()),
        }
    }
}
