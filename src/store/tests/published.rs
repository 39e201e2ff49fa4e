//! The approvals of a long record, piece by piece.

use super::*;

/// Events that are no approvals.
async fn fill(room: &Room, count: usize) {
    let write = move |c: &Connection| {
        (0..count).try_for_each(|_| {
            chain::append(c, &Event::DraftDropped { draft: "drf_0".into(), by: "amal".into(), at: utc(0) })
        })
    };
    room.store.write(Lane::Routine, write).await.unwrap();
}

#[tokio::test]
async fn the_approvals_of_a_long_record_come_in_pieces_and_none_is_lost() {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    fill(&room, 3000).await;
    room.submit("wrn_2", "2.49.0.1.512.2").await.unwrap();
    let tell = |n: usize| Event::Approved {
        warning: format!("wrn_{}", 1 + n % 2),
        by: "badr".into(),
        hash: HASH,
        at: utc(20),
    };
    let many = move |c: &Connection| (0..200).try_for_each(|n| chain::append(c, &tell(n)));
    room.store.write(Lane::Routine, many).await.unwrap();

    let (mut seq, mut found, mut pieces) = (0, Vec::new(), 0);
    loop {
        let piece = room.store.approvals_after(seq).await.unwrap();
        assert!(piece.until > seq && piece.until - seq <= 1024, "{seq} to {}", piece.until);
        assert!(piece.approvals.len() <= 64, "{}", piece.approvals.len());
        found.extend(piece.approvals.into_iter().map(|approved| approved.warning));
        (seq, pieces) = (piece.until, pieces + 1);
        if !piece.more {
            break;
        }
    }
    let want: Vec<String> = (0..201).map(|n| format!("wrn_{}", if n == 0 { 1 } else { 2 - n % 2 })).collect();
    assert_eq!(found, want, "each once, in the record's order");
    let last =
        |c: &Connection| Ok(c.query_row("SELECT max(seq) FROM event", [], |row| row.get::<_, u64>(0))?);
    assert_eq!(seq, room.store.read(last).await.unwrap());
    assert!(pieces >= 6, "{pieces} pieces");
    let after = room.store.approvals_after(seq).await.unwrap();
    assert!(after.approvals.is_empty() && !after.more && after.until == seq);
}
