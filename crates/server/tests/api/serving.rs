//! What a running server does of its own accord.

use std::time::Duration;

use bookferry_server::serve;
use bookferry_store::HistoryProof;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::example::invoice;
use crate::test_server::TestServer;

#[tokio::test]
async fn history_is_sealed_while_the_server_runs() {
    let server = TestServer::start().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1").to_string()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, server.app.clone(), async {
        let _ = stopped.await;
    }));
    let sealed = async {
        while !server.store().unsealed_companies().await.expect("companies").is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), sealed).await.expect("sealed before long");
    let proof = server.store().prove_history(server.glass.company).await.expect("proved");
    assert_eq!(proof, HistoryProof::Unbroken { seals: 1, lines: 1, unsealed: 0 });
    stop.send(()).expect("the server runs");
    serving.await.expect("no panic").expect("it ends well");
}
