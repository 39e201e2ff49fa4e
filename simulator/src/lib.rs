//! Operators as a stand-in: cell broadcast centres, radio network and phones. Shares no code with Nadhir.
